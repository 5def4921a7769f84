namespace DiffusionBatch.Contracts.Fields;

/// <summary>What a path of a manifest is for.</summary>
public enum PathRole
{
    /// <summary>A file that is read; it must exist, or an earlier job of the pipeline makes it.</summary>
    InputFile,

    /// <summary>A folder that is read; it must exist, or an earlier job of the pipeline makes it.</summary>
    InputFolder,

    /// <summary>A file or a folder that is read.</summary>
    Input,

    /// <summary>A file or a folder of further data that is read; what uses it knows its form.</summary>
    Data,

    /// <summary>The folder that the job writes; it need not exist and must not be a file.</summary>
    Output,
}
