-- The trace that a job belongs to, and the span that a message was written in, as the header traceparent has them (W3C Trace Context);
-- null where nobody traced.

alter table jobs add column trace text;
alter table outbox add column trace text;
