using System.Reflection;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>The functions of an assembly, found by their attributes and checked once at start.</summary>
internal static class FunctionCatalog
{
    public static IReadOnlyList<FunctionEntry> Of(Assembly assembly)
    {
        var entries = new List<FunctionEntry>();
        foreach (var method in assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } function) continue;
            var trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(a => a is not null)
                ?? throw new InvalidOperationException($"Function '{function.Name}' ({method.DeclaringType!.Name}.{method.Name}) has no trigger that this host knows.");
            if (entries.Any(e => string.Equals(e.Name, function.Name, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"Two functions are named '{function.Name}'.");
            entries.Add(new FunctionEntry(function.Name, method, trigger));
        }
        return entries;
    }
}
