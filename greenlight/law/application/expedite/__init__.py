"""An application that its applicant asks to have decided before others."""
