using System.Reflection;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>A function: its name, its method and the trigger that starts it.</summary>
internal sealed record FunctionEntry(string Name, MethodInfo Method, HttpTriggerAttribute Trigger);
