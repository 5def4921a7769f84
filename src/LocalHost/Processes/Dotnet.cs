namespace DiffusionBatch.LocalHost.Processes;

/// <summary>The <c>dotnet</c> program.</summary>
public static class Dotnet
{
    /// <summary>The one that runs this program, else the one on the PATH.</summary>
    public static string Host { get; } = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
}
