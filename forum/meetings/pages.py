"""All pages around meetings, for the application."""

from forum.meetings.answer_views import answer_pages
from forum.meetings.attendance_views import attendance_pages
from forum.meetings.letters_views import minutes_letter_pages
from forum.meetings.minutes_views import minutes_pages
from forum.meetings.paper_views import meeting_papers
from forum.meetings.views import meeting_pages

PAGES = (meeting_pages, meeting_papers, attendance_pages, minutes_pages, minutes_letter_pages, answer_pages)
