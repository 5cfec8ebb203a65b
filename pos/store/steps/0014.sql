ALTER TABLE persons ADD COLUMN mail BLOB;
ALTER TABLE persons ADD COLUMN mail_mac BLOB;
CREATE INDEX persons_by_mail ON persons (mail_mac);
