"""Care: the nurse's and coordinator's desk: voicemail, and who needs me."""
