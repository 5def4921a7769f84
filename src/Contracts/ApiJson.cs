using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionBatch.Contracts;

/// <summary>
/// How the API writes JSON: camelCase, what is absent left out. The code for the types that are listed is generated when this is built; a
/// document that isn't listed is written just so, by reflection (<see cref="Of"/>).
/// </summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCase<JobState>), typeof(CamelCase<JobKind>), typeof(CamelCase<JobPriority>), typeof(CamelCase<TaskState>),
        typeof(CamelCase<PoisonState>)])]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobListView))]
[JsonSerializable(typeof(TaskListView))]
[JsonSerializable(typeof(FileListView))]
[JsonSerializable(typeof(FileView))]
[JsonSerializable(typeof(PoisonListView))]
[JsonSerializable(typeof(SweepListView))]
[JsonSerializable(typeof(ValidationView))]
[JsonSerializable(typeof(EstimatesView))]
[JsonSerializable(typeof(ModelListView))]
[JsonSerializable(typeof(ModelView))]
public sealed partial class ApiJson : JsonSerializerContext
{
    // Made on first use: the generated part of this class may be set up after this one.
    static JsonSerializerOptions? s_all;

    /// <summary>The options under which every document can be written, listed or not.</summary>
    public static JsonSerializerOptions All =>
        s_all ??= new(Default.Options) { TypeInfoResolver = JsonTypeInfoResolver.Combine(Default, new DefaultJsonTypeInfoResolver()) };

    /// <summary>How a type of document is written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)All.GetTypeInfo(typeof(T));
}

/// <summary>An enum by its names in camelCase, as in <c>completedWithErrors</c>; numbers aren't taken.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
