using DiffusionBatch.Infra.Tests.Running;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>
/// Runs a Dockerfile's stages on this machine, without a container: each in a folder that stands for its image's root, its commands as they
/// are written, with this machine's tools in the place of the image's.
/// </summary>
internal sealed class StageRun(Dockerfile file, BuildContext context, string folder)
{
    /// <summary>Runs a stage.</summary>
    /// <returns>The folder of its WORKDIR.</returns>
    public async Task<string> RunAsync(string name)
    {
        string root = Path.Combine(folder, name), work = root;
        Directory.CreateDirectory(root);
        var variables = new Dictionary<string, string>();
        foreach (Dockerfile.Instruction instruction in file[name].Instructions)
        {
            switch (instruction.Name)
            {
                case "ARG":
                    variables[instruction.Text] = file.Arguments[instruction.Text];
                    break;
                case "WORKDIR":
                    Directory.CreateDirectory(work = Path.Combine(root, instruction.Text.TrimStart('/')));
                    break;
                case "COPY":
                    await CopyAsync(instruction.Text, work);
                    break;
                case "RUN":
                    var (code, output) = await RunningProgram.RunAsync(work, ["sh", "-c", instruction.Text], variables);
                    Assert.True(code == 0, $"RUN {instruction.Text}\nended with {code}:\n{output}");
                    break;
                default:
                    Assert.Fail($"{instruction.Name} isn't known here: say how a stage does it on this machine.");
                    break;
            }
        }
        return work;
    }

    async Task CopyAsync(string text, string work)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? stage = words[0].StartsWith("--from=", StringComparison.Ordinal) ? words[0]["--from=".Length..] : null;
        string[] sources = words[(stage is null ? 0 : 1)..^1];
        if (Path.IsPathRooted(words[^1]))
        {
            // A tool goes to where the image has its tools; here this machine's own does its work.
            Assert.True(stage is not null && Machine.Find(Path.GetFileName(words[^1])) is not null,
                $"COPY {text}: there is no such tool on the PATH.");
            return;
        }
        bool into = words[^1] == "./" || words[^1].EndsWith('/');
        foreach (string source in sources)
        {
            string target = Path.GetFullPath(Path.Combine(work, words[^1], into ? Path.GetFileName(source) : ""));
            if (stage is null) context.Copy(source, target);
            else
            {
                var (code, output) = await RunningProgram.RunAsync(work,
                    ["cp", "-a", Path.Combine(folder, stage, source.TrimStart('/')), target]);
                Assert.True(code == 0, output);
            }
        }
    }
}
