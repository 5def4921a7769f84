using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>All operations of the API; a test holds them to the functions that there are.</summary>
internal static class ApiOperations
{
    static readonly string[] s_manifest = ["application/json", "application/yaml"];
    static readonly (int, string) s_badManifest = (400, "The manifest or an option has problems; errors lists them all.");
    static readonly (int, string) s_large = (413, "The body is too large; detail states the limit.");
    static readonly (int, string) s_media = (415, "The body is neither JSON nor YAML.");
    static readonly (int, string) s_noJob = (404, "There is no such job.");
    static readonly (int, string) s_parameter = (400, "A parameter is wrong.");

    static readonly ApiParameter s_id = new("path", "id", "The job's id.");
    static readonly ApiParameter s_path = new("path", "path", "The file's path under the storage root; it may hold slashes.");
    static readonly ApiParameter s_cursor = new("query", "cursor", "next of the page before.");

    /// <summary>The operations.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. ScheduleOperations.All,
        .. WebhookOperations.All,
        .. OpenAiOperations.All,
        .. KeyOperations.All,
        .. QuotaOperations.All,
        new("post", "/jobs", "SubmitJob", "Submit a manifest.")
        {
            Parameters =
            [
                new("query", "priority", "How urgent the tasks are; normal by default.") { Values = Names<JobPriority>() },
                new("query", "expiresIn", "When what isn't finished ends as expired: an ISO 8601 duration such as PT6H.")
                {
                    Format = "duration",
                },
                new("header", "Idempotency-Key", "1 to 255 characters: of all requests with one key the first counts."),
            ],
            Bodies = s_manifest,
            Answers = [new(202, "It was entered; Location is the job's.") { Body = typeof(JobView) },
                new(200, "It was entered before under this key.") { Body = typeof(JobView) }],
            Problems =
            [
                s_badManifest, (409, "The key was used for another request."), s_large, s_media,
                (429, "The tenant has as many items queued as it may."),
            ],
        },
        new("post", "/jobs/validate", "ValidateJob", "Check a manifest; store nothing.")
        {
            Bodies = s_manifest,
            Answers = [new(200, "It has no problems.") { Body = typeof(ValidationView) }],
            Problems = [s_badManifest, s_large, s_media],
        },
        new("post", "/jobs/estimate", "EstimateJob", "What each job of a manifest is expected to take; store nothing.")
        {
            Bodies = s_manifest,
            Answers = [new(200, "The estimates.") { Body = typeof(EstimatesView) }],
            Problems = [s_badManifest, s_large, s_media],
        },
        new("get", "/jobs", "ListJobs", "Jobs, the newest first.")
        {
            Parameters =
            [
                new("query", "state", "One or several states, separated by commas: " + string.Join(", ", Names<JobState>()) + "."),
                new("query", "kind", "What they do.") { Values = Names<JobKind>() },
                new("query", "name", "Their name, exactly."), new("query", "search", "What their name holds."),
                new("query", "pipeline", "The jobs of this pipeline."), new("query", "schedule", "The runs of this schedule."),
                new("query", "children", "Whether pipelines' jobs are listed beside them.") { Type = "boolean" },
                new("query", "limit", "The most of a page, 1 to 500; 50 by default.") { Type = "integer" }, s_cursor,
            ],
            Answers = [new(200, "A page.") { Body = typeof(JobListView) }],
            Problems = [s_parameter],
        },
        new("get", "/jobs/{id}", "GetJob", "A job with its progress; a pipeline with its jobs.")
        {
            Parameters = [s_id, new("header", "If-None-Match", "The ETag of an earlier answer.")],
            Answers = [new(200, "The job.") { Body = typeof(JobView) }, new(304, "It is as it was.")],
            Problems = [s_noJob],
        },
        new("delete", "/jobs/{id}", "CancelJob", "Cancel a job or a pipeline; what is finished stays.")
        {
            Parameters = [s_id],
            Answers = [new(200, "It is cancelled.") { Body = typeof(JobView) },
                new(202, "It is being stopped.") { Body = typeof(JobView) }],
            Problems = [s_noJob, (409, "It has ended otherwise.")],
        },
        new("post", "/jobs/{id}/retry", "RetryJob", "Try a failed job again; what is done of it stays.")
        {
            Parameters = [s_id],
            Answers = [new(202, "It is queued.") { Body = typeof(JobView) }],
            Problems = [s_noJob, (409, "It hasn't failed, or has no task that could be tried again.")],
        },
        new("get", "/jobs/{id}/manifest", "JobManifest", "What was submitted, as JSON; of a pipeline's job, its own part.")
        {
            Parameters = [s_id],
            Answers = [new(200, "The manifest.") { Media = "application/json" }],
            Problems = [s_noJob, (409, "It was entered by a version that kept no manifests.")],
        },
        new("get", "/jobs/{id}/tasks", "ListTasks", "A job's tasks by number, each with its attempts.")
        {
            Parameters =
            [
                s_id, new("query", "state", "One or several states, separated by commas: " + string.Join(", ", Names<TaskState>()) + "."),
                new("query", "limit", "The most of a page, 1 to 500; 50 by default.") { Type = "integer" }, s_cursor,
            ],
            Answers = [new(200, "A page.") { Body = typeof(TaskListView) }],
            Problems = [s_parameter, s_noJob],
        },
        new("get", "/events", "Events", "Several jobs' progress as server-sent events, in one stream.")
        {
            Parameters = [new("query", "jobs", "The jobs' ids, 1 to 100, separated by commas.")],
            Answers = [new(200, "The events, as those of one job.") { Media = "text/event-stream" }],
            Problems = [s_parameter],
        },
        new("get", "/jobs/{id}/events", "JobEvents", "A job's progress as server-sent events: progress after each change, end at its end.")
        {
            Parameters = [s_id, new("header", "Last-Event-ID", "The id of the last event that was seen.")],
            Answers = [new(200, "The events; data is a Job.") { Media = "text/event-stream" }, new(204, "The end was seen already.")],
            Problems = [s_noJob],
        },
        new(
            "get", "/jobs/{id}/results", "JobResults",
            "The result lines of a sample job's cell, in the order of the input; while it runs, those that are finished.")
        {
            Parameters = [s_id, new("query", "cell", "The cell, such as steps=8; needed where there are several.")],
            Answers = [new(200, "JSONL; the header X-Results-Complete says whether it is all.") { Media = "application/x-ndjson" }],
            Problems = [(400, "The cell is missing or unknown; detail lists them."), s_noJob, (409, "The job has no result lines.")],
        },
        new(
            "get", "/jobs/{id}/export", "ExportJob",
            "A job's results as one table: a row an item and cell, of an evaluation with each item's own scores.")
        {
            Parameters = [s_id, new("query", "format", "The form; parquet by default.") { Values = ["parquet", "csv", "jsonl"] }],
            Answers = [new(200, "The table; the header X-Results-Complete says whether it is all.") { Media = "application/octet-stream" }],
            Problems = [s_parameter, s_noJob, (409, "The job has no items.")],
        },
        new("get", "/poison", "ListPoison", "Tasks that were given up.")
        {
            Parameters = [new("query", "job", "Of this job only.")],
            Answers = [new(200, "The list.") { Body = typeof(PoisonListView) }],
            Problems = [s_noJob],
        },
        new("post", "/poison/{id}/requeue", "RequeuePoison", "Try a given-up task again.")
        {
            Parameters = [new("path", "id", "The row's number.")],
            Answers = [new(202, "It is queued.")],
            Problems = [(404, "There is no such row, or it was dealt with."), (409, "Its error is in the results already.")],
        },
        new("delete", "/poison/{id}", "DropPoison", "Strike a task off the list.")
        {
            Parameters = [new("path", "id", "The row's number.")],
            Answers = [new(204, "It is dropped.")],
            Problems = [(404, "There is no such row, or it was dealt with.")],
        },
        new("get", "/sweeps", "ListSweeps", "Finished evaluations' cells with their metrics and costs, the newest first.")
        {
            Parameters =
            [
                new("query", "job", "The evaluate job's id."), new("query", "name", "The evaluate jobs' name, exactly."),
                new("query", "metric", "Only this metric's scores."),
                new("query", "limit", "The most cells, 1 to 5000; 1000 by default.") { Type = "integer" },
            ],
            Answers = [new(200, "The cells.") { Body = typeof(SweepListView) }],
            Problems = [s_parameter],
        },
        new("get", "/files", "ListFiles", "Files under the storage root.")
        {
            Parameters = [new("query", "prefix", "What their paths begin with."),
                new("query", "limit", "The most of a page, 1 to 1000; 1000 by default.") { Type = "integer" }, s_cursor],
            Answers = [new(200, "A page.") { Body = typeof(FileListView) }],
            Problems = [s_parameter],
        },
        new("put", "/files/{path}", "WriteFile", "Upload a file.")
        {
            Parameters = [s_path, new("header", "If-None-Match", "* keeps a file that is there."),
                new("header", "If-Match", "The version to replace.")],
            Bodies = ["application/octet-stream"],
            Answers = [new(200, "It was replaced.") { Body = typeof(FileView) }, new(201, "It is new.") { Body = typeof(FileView) }],
            Problems = [(400, "The path leaves the root, is malformed or the pipeline's own."),
                (409, "A part of the path is a file already."), (411, "The tenant has a quota of bytes, and the length isn't told."),
                (412, "The condition isn't met."), s_large],
        },
        new("get", "/files/{path}", "ReadFile", "Download a file.")
        {
            Parameters =
            [
                s_path, new("header", "If-None-Match", "The version that the caller has."),
                new("header", "If-Match", "The version that is wanted."),
                new("header", "Range", "The bytes that are wanted, such as bytes=1000-."),
                new("header", "If-Range", "The version that the range is of; of another, all is sent."),
            ],
            Answers =
            [
                new(200, "The file.") { Media = "application/octet-stream" }, new(206, "The range.") { Media = "application/octet-stream" },
                new(304, "The caller has it."),
            ],
            Problems =
            [
                (400, "The path leaves the root, is malformed or the pipeline's own."), (404, "There is no such file."),
                (412, "It is another version."),
                (416, "The range begins behind the file's end."),
            ],
        },
        new("delete", "/files/{path}", "DeleteFile", "Delete a file.")
        {
            Parameters = [s_path, new("header", "If-Match", "The version to delete.")],
            Answers = [new(204, "It is deleted.")],
            Problems = [(400, "The path leaves the root, is malformed or the pipeline's own."), (404, "There is no such file."),
                (412, "It is another version.")],
        },
        new("get", "/health/live", "HealthLive", "Whether the process serves requests.")
        {
            IsOpen = true,
            Answers = [new(200, "It does.") { Body = typeof(HealthStatus) }],
        },
        new("get", "/health/ready", "HealthReady", "Whether the index, the storage and the queues answer.")
        {
            IsOpen = true,
            Answers = [new(200, "They do.") { Body = typeof(HealthStatus) }, new(503, "One doesn't.") { Body = typeof(HealthStatus) }],
        },
        new("get", "/openapi.json", "OpenApi", "This document.")
        {
            IsOpen = true,
            Answers = [new(200, "OpenAPI 3.1.") { Media = "application/json" }],
        },
    ];

    static readonly Dictionary<string, ApiOperation> s_byId = All.ToDictionary(o => o.Id, StringComparer.Ordinal);

    /// <summary>The operation that a function is; null: it is no part of the API.</summary>
    public static ApiOperation? Find(string function) => s_byId.GetValueOrDefault(function);

    static IReadOnlyList<string> Names<T>() where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName)];
}
