using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>A message of the pipeline: a pointer into the index, <c>{"v":1,"kind":"task","job":"job_...","task":12}</c>.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Job">The job.</param>
/// <param name="Task">The task's ordinal, with <see cref="OutboxKind.Task"/>.</param>
/// <param name="Trace">The span that it was written in, as the header <c>traceparent</c> has it (W3C Trace Context), or null.</param>
public sealed record PipelineMessage(OutboxKind Kind, string Job, int? Task = null, string? Trace = null)
{
    /// <summary>The form's version; a reader refuses others.</summary>
    public const int Version = 1;

    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    sealed record Form(int V, OutboxKind Kind, string Job, int? Task, string? Trace = null);

    /// <summary>The message that an outbox row stands for.</summary>
    public static PipelineMessage Of(OutboxRow row) => new(row.Kind, row.JobId, row.Ordinal, row.Trace);

    /// <summary>The message's body, under 1 KiB.</summary>
    public string ToBody() => JsonSerializer.Serialize(new Form(Version, Kind, Job, Task, Trace), s_json);

    /// <summary>Reads a body; null where it isn't a message of this version.</summary>
    public static PipelineMessage? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Form>(body, s_json) is { V: Version, Job.Length: > 0 } form
                && (form.Kind == OutboxKind.Task) == form.Task is not null
                ? new PipelineMessage(form.Kind, form.Job, form.Task, form.Trace)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
