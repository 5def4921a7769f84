using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>
/// Tells the host that everybody may start the functions that requests start: the app asks for keys itself, and the host knows none of
/// them.
/// </summary>
internal sealed class OpenDoors(IFunctionMetadataProvider inner) : IFunctionMetadataProvider
{
    const string Level = "authLevel";

    /// <summary>Puts this in the place of the provider that is there.</summary>
    public static void Install(IServiceCollection services)
    {
        ServiceDescriptor there = services.Last(s => s.ServiceType == typeof(IFunctionMetadataProvider));
        services.Remove(there);
        services.AddSingleton<IFunctionMetadataProvider>(p => new OpenDoors((IFunctionMetadataProvider)(there.ImplementationInstance
            ?? there.ImplementationFactory?.Invoke(p) ?? ActivatorUtilities.CreateInstance(p, there.ImplementationType!))));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory)
    {
        ImmutableArray<IFunctionMetadata> functions = await inner.GetFunctionMetadataAsync(directory);
        foreach (IFunctionMetadata function in functions)
            for (int i = 0; i < function.RawBindings?.Count; i++) function.RawBindings[i] = Opened(function.RawBindings[i]);
        return functions;
    }

    static string Opened(string binding)
    {
        if (JsonNode.Parse(binding) is not JsonObject trigger || !trigger.ContainsKey(Level)) return binding;
        trigger[Level] = "Anonymous";
        return trigger.ToJsonString();
    }
}
