using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using TorchSharp;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// Loads TorchSharp's native shim: the package's own file where the system's libstdc++ is new enough, otherwise a mended copy
/// (<see cref="ShimMender"/>), made once and kept in the user's cache folder.
/// </summary>
static class NativeShim
{
    const string Name = "LibTorchSharp", File = "libLibTorchSharp.so";

    // The oldest C library that the shim can be loaded with.
    static readonly Version s_glibc = new(2, 34);

    // What the shim needs, in the order in which they need each other. Loaded beforehand they are found by their names,
    // wherever the mended copy lies.
    static readonly string[] s_needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    static readonly Lazy<nint> s_handle = new(Load);

    /// <summary>What the log should say of how it was loaded; null where nothing was special.</summary>
    public static string? Note { get; private set; }

    /// <summary>
    /// Takes part in the search for TorchSharp's native library, after the runtime's own has failed; to be called before its first
    /// use. (An import resolver isn't asked where TorchSharp loads the library by name.)
    /// </summary>
    public static void Register()
    {
        if (OperatingSystem.IsLinux()) AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
            name == Name ? s_handle.Value : 0;
    }

    /// <summary>Loads it, so that what stands against it is told before TorchSharp looks for it elsewhere.</summary>
    /// <exception cref="PlatformNotSupportedException">It can't be loaded on this system; the message says what can.</exception>
    public static void Require()
    {
        if (OperatingSystem.IsLinux()) _ = s_handle.Value;
    }

    /// <summary>Why libtorch can't be loaded with a C library, or null.</summary>
    /// <param name="glibc">glibc's version, null where the C library is another (musl).</param>
    public static string? Objection(string? glibc) =>
        glibc is null ? "libtorch needs glibc, and this system has another C library (musl?). Use Debian 12, Ubuntu 22.04, RHEL 9 or a "
            + "later one, or a container of one."
        : Version.TryParse(glibc, out var version) && version < s_glibc
        ? $"libtorch needs glibc {s_glibc} or later, and this system "
            + $"has {glibc}. Use Debian 12, Ubuntu 22.04, RHEL 9 or a later one, or a container of one."
        : null;

    // 0: the runtime looks for itself.
    static nint Load()
    {
        if (Objection(Glibc()) is { } objection) throw new PlatformNotSupportedException(objection);
        if (Find() is not { } path || SystemLibrary() is not { } library) return 0;
        byte[] image = System.IO.File.ReadAllBytes(path);
        var (changed, missing) = ShimMender.Mend(new ElfLibrary(image), new ElfLibrary(System.IO.File.ReadAllBytes(library)).Defined);
        if (missing.Count > 0)
            throw new PlatformNotSupportedException($"libtorch can't be loaded here: {library} lacks {string.Join(", ", missing)}. "
                + $"Install a newer libstdc++ (of GCC 11 or later), or use Debian 12, Ubuntu 22.04, RHEL 9 or a later one.");
        if (!changed) return 0;
        string copy = Keep(image), folder = Path.GetDirectoryName(path)!;
        foreach (string needed in s_needed) NativeLibrary.Load(Path.Combine(folder, needed));
        Note = $"TorchSharp's native library asks for a newer libstdc++ than this system's; a mended copy is used: {copy}";
        return NativeLibrary.Load(copy);
    }

    static string? Glibc()
    {
        try
        {
            return Marshal.PtrToStringUTF8(LibcVersion());
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The file of the system's libstdc++, as the loader found it. Null where there is none, which the runtime will say.</summary>
    static string? SystemLibrary() =>
        NativeLibrary.TryLoad(ShimMender.Library, out nint library) && NativeLibrary.TryGetExport(library, "_ZSt4cout", out nint symbol)
            && AddressInfo(symbol, out var info) != 0
            ? Marshal.PtrToStringUTF8(info.File)
            : null;

    /// <summary>The package's file among the folders that the runtime searches.</summary>
    static string? Find() =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory))
            .Select(folder => Path.Combine(folder, File)).FirstOrDefault(System.IO.File.Exists);

    /// <summary>Writes the copy under its content's name, complete or not at all; what is there already is used.</summary>
    static string Keep(byte[] image)
    {
        string name = Path.Combine("dbatch", "native", Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 8)), File);
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        foreach (string folder in (string[])[cache, Path.Combine(Path.GetTempPath(), Environment.UserName)])
        {
            string path = Path.Combine(folder, name);
            try
            {
                if (System.IO.File.Exists(path) && System.IO.File.ReadAllBytes(path).AsSpan().SequenceEqual(image)) return path;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                string draft = $"{path}.{Environment.ProcessId}";
                System.IO.File.WriteAllBytes(draft, image);
                System.IO.File.Move(draft, path, overwrite: true);
                return path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next folder.
            }
        }
        throw new PlatformNotSupportedException($"libtorch can't be loaded here: a mended copy of {File} must be written, and "
            + $"neither {cache} nor {Path.GetTempPath()} can be written to. Set XDG_CACHE_HOME to a folder that can.");
    }

    [DllImport("libc", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint LibcVersion();

    [DllImport("libc", EntryPoint = "dladdr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int AddressInfo(nint address, out SymbolInfo info);

    /// <summary>glibc's Dl_info (dlfcn.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly struct SymbolInfo
    {
        public readonly nint File, Base, Name, Symbol;
    }
}
