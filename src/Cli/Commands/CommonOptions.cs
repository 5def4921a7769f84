using System.CommandLine;
using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>The manifest's path, relative to the current folder.</summary>
    public static Argument<string> Manifest()
    {
        var argument = new Argument<string>("MANIFEST") { Description = "A manifest file, JSON or YAML, relative to the current folder." };
        // Otherwise a mistyped option would be taken for the file.
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }]) result.AddError($"Unrecognized option '{option}'.");
        });
        return argument;
    }

    /// <summary>The storage root.</summary>
    public static Option<string> Root() => new("--root")
    {
        Description = "The folder that the manifest's paths are relative to.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    /// <summary>Text for people or one JSON document.</summary>
    public static Option<string> Output()
    {
        var option = new Option<string>("--output")
        {
            Description = "What standard output carries: text, or one JSON document.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong("text", "json");
    }

    /// <summary>The root as a full path.</summary>
    /// <exception cref="UserException">It is no folder.</exception>
    public static string ExistingRoot(string root) =>
        ExistingFolder(root, "--root");

    /// <summary>An option's folder as a full path.</summary>
    /// <exception cref="UserException">It is no folder.</exception>
    public static string ExistingFolder(string folder, string option) =>
        RealPath.Full(folder) is var full && Directory.Exists(full) ? full : throw new UserException($"{option} {folder}: no such folder");
}
