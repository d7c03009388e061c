"""What places in China share: national law, its columns, and how households are drawn."""
