using System.IO.MemoryMappedFiles;

namespace DiffusionBatch.Diffusion.Files;

/// <summary>A part of a file in the address space. Disposing takes it out again: what was read doesn't stay in the process's memory.</summary>
sealed unsafe class MappedBytes : IDisposable
{
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;
    readonly int length;

    /// <summary>Maps bytes of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The number of bytes, at least 1.</param>
    public MappedBytes(MemoryMappedFile file, long offset, int length)
    {
        view = file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        this.length = length;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>The bytes; not to be used after disposal.</summary>
    public ReadOnlySpan<byte> Bytes => new(start + view.PointerOffset, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
    }
}
