using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>An enum by its names in camelCase, as in <c>completedWithErrors</c>; numbers aren't taken.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
