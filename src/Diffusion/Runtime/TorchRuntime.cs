using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// libtorch as this project wants it, set up in one place before the first tensor: where the native library is found, how memory
/// is kept, how threads wait. docs/performance.md says what each setting brings.
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
            string torchSharp =
                typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            return $"TorchSharp {torchSharp}, libtorch {torch.NormalizeNuGetVersion(torch.__version__)}";
        }
    }

    /// <summary>What the log should say of how it runs here: a mended native library.</summary>
    public static IReadOnlyList<string> Notes => NativeShim.Note is { } note ? [note] : [];

    /// <summary>
    /// Sets libtorch up. The assembly's first use does so; who makes tensors without it calls this first. Repeated calls do nothing.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The settings must be made before the first tensor, whoever makes it.")]
    public static void Initialise()
    {
        if (Interlocked.Exchange(ref s_done, 1) != 0) return;
        NativeShim.Register();
        KeepMemory();
        WaitAsleep();
        FixOrderOfSums();
        ShareCores();
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
            foreach (var (parameter, value) in ((int, int)[])[(ArenaMax, 1), (MmapMax, 0), (TrimThreshold, int.MaxValue),
                (TopPad, 256 * MiB)]) _ = Mallopt(parameter, value);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without mallopt (musl).
        }
    }

    /// <summary>
    /// Threads of libgomp that wait for each other spin: beside any other load on the same cores a pass then takes ten times as
    /// long. Asleep they cost a wake-up, which is hardly measurable. The library reads this once, when it is loaded.
    /// </summary>
    static void WaitAsleep()
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (string own in (string[])["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"])
            if (Environment.GetEnvironmentVariable(own) is { Length: > 0 }) return;
        _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0); // the runtime's own setter doesn't reach native code
    }

    /// <summary>
    /// oneMKL's strict mode: a row of a product has the same bits whatever the number of rows and of threads. Without it the
    /// inner sum is cut by the product's shape (docs/performance.md, "The same bytes").
    /// </summary>
    static void FixOrderOfSums()
    {
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MKL_CBWR")))
            _ = SetEnvironment("MKL_CBWR", "AUTO,STRICT", 0);
    }

    /// <summary>
    /// As many threads as cores that this process may use (a container's limit included), a power of two: then each thread's part
    /// of a tensor is whole vectors, and its numbers take the same path however many rows there are.
    /// </summary>
    static void ShareCores()
    {
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            _ = SetEnvironment("OMP_NUM_THREADS",
                (1 << BitOperations.Log2((uint)Environment.ProcessorCount)).ToString(CultureInfo.InvariantCulture), 0);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetEnvironment(string name, string value, int overwrite);

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Mallopt(int parameter, int value);
}
