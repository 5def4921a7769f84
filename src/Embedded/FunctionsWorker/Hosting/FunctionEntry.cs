using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>A function: its name, its method, and the parameter whose trigger starts it.</summary>
internal sealed record FunctionEntry(string Name, MethodInfo Method, ParameterInfo Parameter, TriggerBindingAttribute Trigger)
{
    /// <summary>The function as its invocations see it.</summary>
    public FunctionDefinition Definition { get; } = new EntryDefinition(Name, $"{Method.DeclaringType!.FullName}.{Method.Name}");

    /// <summary>Whether an HTTP trigger's route has a value of that name.</summary>
    public bool IsRouteValue(string name) => Trigger is HttpTriggerAttribute { Route: { } route }
        && AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(route).Parameters.Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
}
