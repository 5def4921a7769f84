using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts;

/// <summary>How the API writes JSON: camelCase, what is absent left out.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCase<JobState>), typeof(CamelCase<JobKind>), typeof(CamelCase<JobPriority>), typeof(CamelCase<TaskState>), typeof(CamelCase<PoisonState>)])]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobListView))]
[JsonSerializable(typeof(FileListView))]
[JsonSerializable(typeof(FileView))]
[JsonSerializable(typeof(PoisonListView))]
[JsonSerializable(typeof(SweepListView))]
[JsonSerializable(typeof(ValidationView))]
[JsonSerializable(typeof(EstimatesView))]
public sealed partial class ApiJson : JsonSerializerContext;

/// <summary>An enum by its names in camelCase, as in <c>completedWithErrors</c>; numbers aren't taken.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
