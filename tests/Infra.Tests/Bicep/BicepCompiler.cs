using System.Reflection;
using DiffusionBatch.Infra.Tests.Running;

namespace DiffusionBatch.Infra.Tests.Bicep;

/// <summary>The Bicep compiler from its NuGet package, kept from the network.</summary>
internal static class BicepCompiler
{
    // Whatever it might fetch (modules from a registry) fails at once.
    static readonly Dictionary<string, string> s_offline =
        new() { ["HTTPS_PROXY"] = "http://127.0.0.1:9", ["HTTP_PROXY"] = "http://127.0.0.1:9" };

    /// <summary>The repository's templates.</summary>
    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "infra");

    /// <summary>Each template.</summary>
    public static IEnumerable<string> Templates =>
        Directory.EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Runs it; skips the test where there is no package for this machine.</summary>
    /// <returns>Its exit code, and what it wrote: errors, warnings and the output of <c>--stdout</c>.</returns>
    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        string? compiler = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == "Bicep")?.Value;
        if (compiler is null) Machine.Lacks("The Bicep compiler is taken from NuGet on x64 Linux alone.");
        return await RunningProgram.RunAsync(Path.GetTempPath(), [compiler!, .. arguments], s_offline);
    }

    /// <summary>
    /// What it and its linter say against a template and its modules: an error or a warning a line; empty where all is well.
    /// </summary>
    public static async Task<string> ComplaintsAsync(string template)
    {
        string json = Path.GetTempFileName();
        try
        {
            var (code, said) = await RunAsync("build", template, "--no-restore", "--outfile", json);
            return said + (code == 0 ? "" : $"exit code {code}");
        }
        finally
        {
            File.Delete(json);
        }
    }
}
