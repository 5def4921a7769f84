using System.Diagnostics;

namespace DiffusionBatch.Testing;

/// <summary>
/// A disk that really is read-only or full, at a folder, until it is disposed; where mounting isn't allowed the test is skipped, saying so.
/// </summary>
public sealed class Mount : IDisposable
{
    readonly string _folder;

    Mount(string folder) => _folder = folder;

    /// <summary>Makes what is in a folder read-only, for root too.</summary>
    public static Mount ReadOnly(string folder)
    {
        Demand("--bind", folder, folder);
        var mount = new Mount(folder);
        try
        {
            Demand("-o", "remount,ro,bind", folder);
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    /// <summary>Puts an empty disk of 64 KiB over a folder.</summary>
    public static Mount Tiny(string folder)
    {
        Demand("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
        return new Mount(folder);
    }

    public void Dispose() => Run("umount", ["-l", _folder]);

    static void Demand(params string[] arguments) =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", arguments),
            "This user may not mount disks, so that none can be made read-only or full.");

    static bool Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
