namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A store whose blobs are files of this machine: who only reads them needs no copy.</summary>
public interface ILocalStore
{
    /// <summary>Where a blob's file is, or would be.</summary>
    string Locate(string name);
}
