"""The official Consolidated Screening List as a file: text in, entries and a report out.

Nothing here touches a disk, a clock or a network. Both layouts in use are read: that of 2019, and the present
one (https://www.trade.gov/consolidated-screening-list).
"""
