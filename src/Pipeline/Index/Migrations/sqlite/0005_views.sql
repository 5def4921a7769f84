-- Views for dashboards. Times are ISO 8601 text, UTC.

-- @include shared/views.sql

-- Items with errors, by code.
create view v_item_errors as
select j.name as job,
       j.id as job_id,
       e.key as code,
       sum(e.value) as items
from tasks t
join jobs j on j.id = t.job_id
join json_each(t.errors) e
where t.parent is null and t.errors is not null
group by j.name, j.id, e.key;
