from .pages import Figure as Figure
from .pages import Section as Section
from .pages import Table as Table
from .pages import page as page
