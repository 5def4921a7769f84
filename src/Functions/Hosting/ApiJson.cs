using System.Text.Json.Serialization;
using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Health;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Poison;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Sweeps;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Hosting;

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
