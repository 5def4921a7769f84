using System.Buffers.Binary;
using System.Text;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// The symbol versions of a 64-bit little-endian ELF library (System V ABI, chapters 4 and 5; Linux Standard Base, symbol
/// versioning): which it defines, and which it asks of others.
/// </summary>
sealed class ElfLibrary
{
    const uint LoadSegment = 1, DynamicSegment = 2;
    const ulong HashTable = 4, StringTable = 5, SymbolTable = 6, GnuHashTable = 0x6ffffef5, SymbolVersions = 0x6ffffff0;
    const ulong DefinedVersions = 0x6ffffffc, DefinedCount = 0x6ffffffd, NeededVersions = 0x6ffffffe, NeededCount = 0x6fffffff;
    const int SymbolSize = 24;
    const byte Weak = 2;

    readonly byte[] _image;
    readonly Dictionary<ulong, ulong> _tables = [];
    readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];

    /// <summary>Reads the tables' places.</summary>
    /// <param name="image">The file's bytes, which changes are made in.</param>
    /// <exception cref="InvalidDataException">It is no such library.</exception>
    public ElfLibrary(byte[] image)
    {
        _image = image;
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("not a 64-bit little-endian ELF library");
        int headers = (int)U64(32), size = U16(54), count = U16(56), dynamic = -1;
        for (int at = headers; at < headers + count * size; at += size)
        {
            if (U32(at) == LoadSegment) _segments.Add((U64(at + 16), U64(at + 8), U64(at + 32)));
            else if (U32(at) == DynamicSegment) dynamic = (int)U64(at + 8);
        }
        for (int at = dynamic; at >= 0 && U64(at) != 0; at += 16) _tables[U64(at)] = U64(at + 8);
        if (!_tables.ContainsKey(StringTable) || !_tables.ContainsKey(SymbolTable))
            throw new InvalidDataException("an ELF file without dynamic symbols");
    }

    /// <summary>The versions that it defines.</summary>
    public IReadOnlySet<string> Defined
    {
        get
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            if (!_tables.TryGetValue(DefinedVersions, out ulong table)) return names;
            int at = Offset(table);
            for (ulong n = _tables[DefinedCount]; n > 0; n--, at += (int)U32(at + 16)) names.Add(Text(U32(at + (int)U32(at + 12))));
            return names;
        }
    }

    /// <summary>The versions that it asks of a library.</summary>
    /// <param name="library">The library's name, as in <c>libstdc++.so.6</c>.</param>
    public IReadOnlyList<NeededVersion> Needed(string library)
    {
        var found = new List<NeededVersion>();
        if (!_tables.TryGetValue(NeededVersions, out ulong table)) return found;
        int need = Offset(table);
        for (ulong n = _tables[NeededCount]; n > 0; n--, need += (int)U32(need + 12))
        {
            if (Text(U32(need + 4)) != library) continue;
            int at = need + (int)U32(need + 8);
            for (int k = U16(need + 2); k > 0; k--, at += (int)U32(at + 12))
                found.Add(new NeededVersion(Text(U32(at + 8)), at, U16(at + 6)));
        }
        return found;
    }

    /// <summary>Asks for another version in a version's place.</summary>
    public void Replace(NeededVersion version, NeededVersion by)
    {
        _image.AsSpan(by.Offset, 4).CopyTo(_image.AsSpan(version.Offset)); // the name's hash
        _image.AsSpan(by.Offset + 8, 4).CopyTo(_image.AsSpan(version.Offset + 8)); // the name's place
    }

    /// <summary>The dynamic symbols of a version, and whether each is weak: may be absent, and is null then.</summary>
    public IEnumerable<(string Name, bool IsWeak)> Symbols(NeededVersion version) =>
        Places(version).Select(at => (Text(U32(at)), _image[at + 4] >> 4 == Weak));

    /// <summary>Makes the symbols of a version weak.</summary>
    public void Weaken(NeededVersion version)
    {
        foreach (int at in Places(version)) _image[at + 4] = (byte)(Weak << 4 | _image[at + 4] & 0xf);
    }

    IEnumerable<int> Places(NeededVersion version)
    {
        int symbols = Offset(_tables[SymbolTable]), versions = Offset(_tables[SymbolVersions]), count = SymbolCount();
        for (int i = 0; i < count; i++)
            if (U16(versions + 2 * i) == version.Index) yield return symbols + i * SymbolSize;
    }

    /// <summary>How many dynamic symbols there are: a hash table tells.</summary>
    int SymbolCount()
    {
        if (_tables.TryGetValue(HashTable, out ulong hash)) return (int)U32(Offset(hash) + 4);
        int gnu = Offset(_tables[GnuHashTable]);
        int buckets = (int)U32(gnu), first = (int)U32(gnu + 4), bucket = gnu + 16 + 8 * (int)U32(gnu + 8), chain = bucket + 4 * buckets,
            last = 0;
        for (int i = 0; i < buckets; i++) last = Math.Max(last, (int)U32(bucket + 4 * i));
        if (last < first) return first;
        while ((U32(chain + 4 * (last - first)) & 1) == 0) last++;
        return last + 1;
    }

    string Text(uint at)
    {
        var rest = _image.AsSpan(Offset(_tables[StringTable]) + (int)at);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    int Offset(ulong address)
    {
        foreach (var (start, offset, size) in _segments)
            if (address >= start && address < start + size) return (int)(address - start + offset);
        throw new InvalidDataException("an ELF file whose tables lie nowhere");
    }

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan(at));

    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_image.AsSpan(at));

    ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_image.AsSpan(at));

    /// <summary>A version that is asked for.</summary>
    /// <param name="Name">As in <c>GLIBCXX_3.4.21</c>.</param>
    /// <param name="Offset">Where its entry (Elf64_Vernaux) stands in the file.</param>
    /// <param name="Index">What symbols call it by.</param>
    public sealed record NeededVersion(string Name, int Offset, ushort Index);
}
