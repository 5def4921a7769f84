using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts.OpenAi;

/// <summary>How the OpenAI-shaped door writes JSON: snake_case, and what is absent as null, as that API has it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(OpenAiError))]
[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(OpenAiPage<FileObject>))]
[JsonSerializable(typeof(DeletedObject))]
[JsonSerializable(typeof(BatchRequestBody))]
[JsonSerializable(typeof(BatchObject))]
[JsonSerializable(typeof(OpenAiPage<BatchObject>))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(OpenAiPage<ModelObject>))]
public sealed partial class OpenAiJson : JsonSerializerContext;
