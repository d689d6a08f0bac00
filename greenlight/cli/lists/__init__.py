"""Commands on listed entities and on the list that parties are held against."""
