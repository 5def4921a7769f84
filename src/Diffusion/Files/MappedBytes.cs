using System.IO.MemoryMappedFiles;

namespace DiffusionBatch.Diffusion.Files;

/// <summary>
/// A part of a file in the address space. Disposing takes it out again: what was read doesn't stay in the process's memory.
/// </summary>
sealed unsafe class MappedBytes : IDisposable
{
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _start;
    readonly int _length;

    /// <summary>Maps bytes of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The number of bytes, at least 1.</param>
    public MappedBytes(MemoryMappedFile file, long offset, int length)
    {
        _view = file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        _length = length;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The bytes; not to be used after disposal.</summary>
    public ReadOnlySpan<byte> Bytes => new(_start + _view.PointerOffset, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
