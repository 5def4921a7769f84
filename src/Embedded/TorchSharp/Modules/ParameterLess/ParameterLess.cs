using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What a module without parts refuses.</summary>
internal static class ParameterLess
{
    public static InvalidOperationException Refusal(string part) => new($"Cannot register a {part} on a module that is declared 'parameter-less.'");

    /// <summary>Lets only modules through that have no parts either.</summary>
    public static void Check(nn.Module submodule)
    {
        if (submodule is not IParameterLessModule) throw new InvalidOperationException("Submodules of a parameter-less module must also be parameter-less.");
    }
}
