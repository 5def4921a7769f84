using System.Collections;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Resources;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>Reads the string resources of an assembly file without loading the assembly.</summary>
internal static class StringResources
{
    /// <summary>Every string by (resource set, key); the set's name is without <c>.resources</c> and without the culture.</summary>
    /// <param name="path">An assembly; a file that is none gives nothing.</param>
    /// <param name="culture">The satellite's culture, or null for the neutral assembly.</param>
    public static Dictionary<(string Set, string Key), string> Read(string path, string? culture)
    {
        var strings = new Dictionary<(string, string), string>();
        using var pe = new PEReader(File.OpenRead(path));
        if (!pe.HasMetadata || pe.PEHeaders.CorHeader is not { } cor || cor.ResourcesDirectory.Size == 0) return strings;
        MetadataReader metadata = pe.GetMetadataReader();
        PEMemoryBlock section = pe.GetSectionData(cor.ResourcesDirectory.RelativeVirtualAddress);
        string ending = (culture is null ? "" : "." + culture) + ".resources";
        foreach (ManifestResourceHandle handle in metadata.ManifestResources)
        {
            ManifestResource resource = metadata.GetManifestResource(handle);
            string name = metadata.GetString(resource.Name);
            if (!resource.Implementation.IsNil || !name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            // An embedded resource is its length in four bytes, and the bytes.
            BlobReader blob = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
            int length = blob.ReadInt32();
            if (length <= 0 || length > blob.RemainingBytes) continue;
            ReadSet(name[..^ending.Length], blob.ReadBytes(length), strings);
        }
        return strings;
    }

    static void ReadSet(string set, byte[] bytes, Dictionary<(string, string), string> strings)
    {
        ResourceReader reader;
        try
        {
            reader = new ResourceReader(new MemoryStream(bytes));
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or NotSupportedException)
        {
            return; // not a plain resource set (serialized objects, images): it has no messages
        }
        using (reader)
        {
            var entries = reader.GetEnumerator();
            while (entries.MoveNext())
            {
                // (GetResourceData would tell the type without reading the value, but looks at all keys for each.)
                if (ValueOf(entries) is string value) strings.TryAdd((set, (string)entries.Key), value);
            }
        }
    }

    static object? ValueOf(IDictionaryEnumerator entries)
    {
        try
        {
            return entries.Value;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null; // an object of a type that can't be made here: no message
        }
    }
}
