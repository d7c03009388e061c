"""What tests of several rooms share: rule sets, tables, results, failing files, commands."""
