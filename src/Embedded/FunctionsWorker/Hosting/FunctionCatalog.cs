using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>The functions of an app, found by their attributes and checked once at start.</summary>
internal static class FunctionCatalog
{
    /// <summary>All functions of these classes.</summary>
    /// <exception cref="InvalidOperationException">Two share a name, or one has no trigger, two, or one on a parameter that can't take it.</exception>
    public static IReadOnlyList<FunctionEntry> Of(IEnumerable<Type> types)
    {
        var entries = new List<FunctionEntry>();
        foreach (var method in types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } function) continue;
            string where = $"Function '{function.Name}' ({method.DeclaringType!.Name}.{method.Name})";
            var triggers = method.GetParameters().Select(p => (Parameter: p, Trigger: p.GetCustomAttribute<TriggerBindingAttribute>())).Where(t => t.Trigger is not null).ToArray();
            if (triggers.Length == 0) throw new InvalidOperationException($"{where} has no trigger that this host knows.");
            if (triggers.Length > 1) throw new InvalidOperationException($"{where} has {triggers.Length} triggers; a function has one.");
            if (entries.Any(e => string.Equals(e.Name, function.Name, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"Two functions are named '{function.Name}'.");
            var (parameter, trigger) = triggers[0];
            if (Wanted(trigger!) is { } wanted && parameter.ParameterType != wanted)
                throw new InvalidOperationException($"{where}: the trigger's parameter '{parameter.Name}' must be a {wanted.Name}.");
            entries.Add(new FunctionEntry(function.Name, method, parameter, trigger!));
        }
        return entries;
    }

    // A queue's message can be anything that JSON can become.
    static Type? Wanted(TriggerBindingAttribute trigger) => trigger switch
    {
        HttpTriggerAttribute => typeof(HttpRequest),
        TimerTriggerAttribute => typeof(TimerInfo),
        _ => null,
    };
}
