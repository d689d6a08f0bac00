"""The service under load while whatever it is made of is killed, stopped, slowed down or cut off."""
