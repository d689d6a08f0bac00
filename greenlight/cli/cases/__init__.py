"""Commands on applications, licenses, batches and directives."""
