"""What a year's account will come to: the distribution of its end, from the days so far and last year's."""

from analytics.yearly.projection.courses import Courses, Matrix
from analytics.yearly.projection.ends import YearEnds
from analytics.yearly.projection.level import SHAPE, Shape
from analytics.yearly.projection.yearends import year_ends

__all__ = ["SHAPE", "Courses", "Matrix", "Shape", "YearEnds", "year_ends"]
