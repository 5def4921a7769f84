using System.ComponentModel;
using DiffusionBatch.Cli.Testing;

namespace DiffusionBatch.Cli.Local;

/// <summary>
/// What the repository takes from npm (Azurite, the storage emulator; what the report's page is built from), installed on first use at the
/// lock file's versions.
/// </summary>
internal static class NodePackages
{
    /// <summary>Whether all that the lock file names is installed.</summary>
    public static bool AreInstalled(string repository)
    {
        // npm writes this copy of the lock file once an installation is complete.
        string installed = Path.Combine(repository, "node_modules", ".package-lock.json");
        return File.Exists(installed)
            && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(repository, "package-lock.json"));
    }

    /// <summary>Installs them.</summary>
    /// <returns>Null, or why that couldn't be done.</returns>
    public static async Task<string?> InstallAsync(string repository, CancellationToken cancellationToken)
    {
        try
        {
            var (code, output) = await Tool.RunAsync(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm", repository, ["ci", "--no-progress"], cancellationToken);
            return code == 0 ? null : "\"npm ci\" failed:\n" + output.TrimEnd();
        }
        catch (Win32Exception)
        {
            return "there is no \"npm\" on the PATH: install Node.js 20 or later";
        }
    }
}
