using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// libtorch as this project wants it, set up in one place before the first tensor: where the native library is found, how memory
/// is kept. docs/performance.md says what each setting brings.
/// </summary>
public static class TorchRuntime
{
    // glibc's numbers of mallopt's parameters (malloc.h).
    const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8;
    const int MiB = 1 << 20;

    static int s_done;

    /// <summary>The libraries and their versions, as in <c>TorchSharp 0.107.0, libtorch 2.10.0</c>. Loads them.</summary>
    /// <exception cref="PlatformNotSupportedException">They can't be loaded on this system.</exception>
    public static string Version
    {
        get
        {
            Require();
            string torchSharp = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            return $"TorchSharp {torchSharp}, libtorch {torch.NormalizeNuGetVersion(torch.__version__)}";
        }
    }

    /// <summary>What the log should say of how it runs here: a mended native library.</summary>
    public static IReadOnlyList<string> Notes => NativeShim.Note is { } note ? [note] : [];

    /// <summary>Sets libtorch up. The assembly's first use does so; who makes tensors without it calls this first. Repeated calls do nothing.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The settings must be made before the first tensor, whoever makes it.")]
    public static void Initialise()
    {
        if (Interlocked.Exchange(ref s_done, 1) != 0) return;
        NativeShim.Register();
        KeepMemory();
    }

    /// <summary>Loads the native library. Whoever is about to use it calls this: TorchSharp itself would search for it elsewhere.</summary>
    /// <exception cref="PlatformNotSupportedException">It can't be loaded on this system; the message says what can.</exception>
    public static void Require()
    {
        Initialise();
        NativeShim.Require();
    }

    /// <summary>
    /// glibc gives large blocks back to the kernel when they are freed, and each operation's result then costs a page fault for
    /// every 4 KiB. With these settings they stay in the process. Another allocator (jemalloc by LD_PRELOAD) doesn't heed them.
    /// </summary>
    static void KeepMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            foreach (var (parameter, value) in ((int, int)[])[(ArenaMax, 1), (MmapMax, 0), (TrimThreshold, int.MaxValue), (TopPad, 256 * MiB)]) _ = Mallopt(parameter, value);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without mallopt (musl).
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Mallopt(int parameter, int value);
}
