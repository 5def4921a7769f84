using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Running;

/// <summary>What <c>--output json</c> prints: one document on how a run or a validation ended.</summary>
internal static class OutcomeJson
{
    static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of a run.</summary>
    public static string Of(string manifest, JobOutcome outcome, int exitCode) => new JsonObject
    {
        ["manifest"] = manifest,
        ["verdict"] = JsonNamingPolicy.CamelCase.ConvertName(outcome.Verdict.ToString()),
        ["exitCode"] = exitCode,
        ["error"] = outcome.Error,
        ["jobs"] = new JsonArray([.. outcome.Jobs.Select(Job)]),
        ["problems"] = Problems(outcome.Problems),
    }.ToJsonString(s_options);

    /// <summary>The document of a validation.</summary>
    public static string Of(string manifest, IReadOnlyList<(string Name, string Kind, string Output)> jobs,
        IReadOnlyList<Problem> problems) => new JsonObject
        {
            ["manifest"] = manifest,
            ["valid"] = problems.Count == 0,
            ["jobs"] = new JsonArray([.. jobs.Select(j => new JsonObject { ["name"] = j.Name, ["kind"] = j.Kind, ["output"] = j.Output })]),
            ["problems"] = Problems(problems),
        }.ToJsonString(s_options);

    static JsonNode Job(JobSummary job) => new JsonObject
    {
        ["name"] = job.Name,
        ["kind"] = job.Kind,
        ["state"] = job.State.Name(),
        ["output"] = job.Output,
        ["fingerprint"] = job.Fingerprint,
        ["unchanged"] = job.Unchanged,
        ["items"] = job.Items is { } items
            ? new JsonObject { ["total"] = items.Total, ["succeeded"] = items.Succeeded, ["errored"] = items.Errored } : null,
        ["seconds"] = Math.Round(job.Elapsed.TotalSeconds, 3),
        ["error"] = job.Error,
        ["problems"] = Problems(job.Problems),
        ["warnings"] = new JsonArray([.. job.Warnings.Select(w => (JsonNode)w)]),
    };

    static JsonArray Problems(IReadOnlyList<Problem> problems) => new([.. problems.Select(p => new JsonObject
    {
        ["file"] = p.File, ["pointer"] = p.Pointer, ["line"] = p.Line, ["column"] = p.Column, ["message"] = p.Message,
    })]);
}
