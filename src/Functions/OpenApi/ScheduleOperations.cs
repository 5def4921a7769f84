using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The operations on schedules.</summary>
internal static class ScheduleOperations
{
    static readonly string[] s_text = ["application/json", "application/yaml"];
    static readonly ApiParameter s_name = new("path", "name", "The schedule's name.");
    static readonly (int, string) s_none = (404, "There is no such schedule.");
    static readonly (int, string) s_bad = (400, "The schedule or its manifest has problems; errors lists them all.");
    static readonly (int, string) s_large = (413, "The body is too large; detail states the limit.");
    static readonly (int, string) s_media = (415, "The body is neither JSON nor YAML.");

    /// <summary>The operations.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("post", "/schedules", "CreateSchedule", "Make a schedule.")
        {
            Bodies = s_text,
            Body = typeof(ScheduleBody),
            Answers = [new(201, "It was made; Location is its own.") { Body = typeof(ScheduleView) }],
            Problems = [s_bad, (409, "The name is taken."), s_large, s_media],
        },
        new("get", "/schedules", "ListSchedules", "All schedules, by name.")
        {
            Answers = [new(200, "The schedules.") { Body = typeof(ScheduleListView) }],
        },
        new("get", "/schedules/{name}", "GetSchedule", "A schedule with its template and what became of its latest times.")
        {
            Parameters = [s_name],
            Answers = [new(200, "The schedule.") { Body = typeof(ScheduleView) }],
            Problems = [s_none],
        },
        new("put", "/schedules/{name}", "ReplaceSchedule", "Make a schedule, or put another in its place; runs that were started go on.")
        {
            Parameters = [s_name],
            Bodies = s_text,
            Body = typeof(ScheduleBody),
            Answers = [new(200, "It was changed.") { Body = typeof(ScheduleView) },
                new(201, "It was made.") { Body = typeof(ScheduleView) }],
            Problems = [s_bad, s_large, s_media],
        },
        new("delete", "/schedules/{name}", "RemoveSchedule", "Remove a schedule; its jobs stay and go on.")
        {
            Parameters = [s_name],
            Answers = [new(204, "It is removed.")],
            Problems = [s_none],
        },
        new("post", "/schedules/{name}/pause", "PauseSchedule", "Let a schedule start nothing for now.")
        {
            Parameters = [s_name],
            Answers = [new(200, "It is paused.") { Body = typeof(ScheduleView) }],
            Problems = [s_none],
        },
        new("post", "/schedules/{name}/resume", "ResumeSchedule", "Let a paused schedule go on with its next time.")
        {
            Parameters = [s_name],
            Answers = [new(200, "It goes on.") { Body = typeof(ScheduleView) }],
            Problems = [s_none],
        },
        new("post", "/schedules/{name}/run", "RunSchedule", "Start a run now, whatever else runs.")
        {
            Parameters = [s_name],
            Answers = [new(202, "The run's job; Location is the job's.") { Body = typeof(JobView) }],
            Problems = [(400, "The manifest has problems now; errors lists them all."), s_none],
        },
        new("get", "/schedules/{name}/next", "NextTimes", "A schedule's next times.")
        {
            Parameters = [s_name, new("query", "count", "How many, 1 to 1000; 5 by default.") { Type = "integer" }],
            Answers = [new(200, "The times.") { Body = typeof(ScheduleTimesView) }],
            Problems = [(400, "A parameter is wrong."), s_none],
        },
    ];
}
