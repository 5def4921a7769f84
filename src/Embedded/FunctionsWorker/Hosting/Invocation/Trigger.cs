using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>What started an invocation.</summary>
/// <param name="Value">The trigger parameter's value.</param>
/// <param name="Data">What came with it.</param>
/// <param name="Http">The request, where it was one.</param>
internal sealed record Trigger(Func<ParameterInfo, object?> Value, IEnumerable<KeyValuePair<string, object?>> Data, HttpContext? Http = null);
