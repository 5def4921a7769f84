using System.Runtime.InteropServices;

namespace DiffusionBatch.Bench;

/// <summary>
/// What the C library's allocator has handed out. What a process holds beside that are pieces between: they are used again, and
/// tell nothing of a leak.
/// </summary>
internal static class NativeHeap
{
    /// <summary>
    /// Megabytes in use; null where the C library doesn't tell (another than glibc 2.33 or later), 0 under another allocator.
    /// </summary>
    internal static double? MegabytesInUse
    {
        get
        {
            try
            {
                var told = MallInfo();
                return (double)(told.Small + told.Mapped) / 1e6;
            }
            catch (Exception problem) when (problem is EntryPointNotFoundException or DllNotFoundException)
            {
                return null;
            }
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Info MallInfo();

    /// <summary>struct mallinfo2: ten numbers, of which hblkhd and uordblks are wanted.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 10 * sizeof(ulong))]
    private struct Info
    {
        [FieldOffset(4 * sizeof(ulong))]
        public ulong Mapped;

        [FieldOffset(7 * sizeof(ulong))]
        public ulong Small;
    }
}
