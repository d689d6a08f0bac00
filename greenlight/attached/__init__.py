"""The bytes of attachments, behind one interface: a folder, unless somebody writes another."""
