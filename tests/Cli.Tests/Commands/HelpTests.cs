using System.CommandLine;
using DiffusionBatch.Cli.Commands;

namespace DiffusionBatch.Cli.Tests.Commands;

public class HelpTests
{
    public static TheoryData<string> Names => [.. CommandLine.Create().Subcommands.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_has_a_help_text_with_descriptions_and_examples(string name)
    {
        RootCommand root = CommandLine.Create();
        var command = Assert.IsAssignableFrom<DbatchCommand>(root.Subcommands.Single(c => c.Name == name));
        Assert.All(command.Options.Select(o => o.Description).Concat(command.Arguments.Select(a => a.Description)), text => Assert.False(string.IsNullOrEmpty(text)));
        using var output = new StringWriter();
        int code = root.Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = output });
        Assert.Equal(0, code);
        string help = output.ToString();
        Assert.Contains($"dbatch {name}", help, StringComparison.Ordinal);
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Assert.Contains(command.Examples, e => e.Contains($"dbatch {name}", StringComparison.Ordinal));
        Assert.All(command.Examples, e => Assert.Contains(e, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_of_the_contract_are_there() =>
        Assert.Superset(new HashSet<string> { "run", "validate", "corpus", "demo", "test", "inspect", "tokenize" },
            CommandLine.Create().Subcommands.Select(c => c.Name).ToHashSet());

    [Fact]
    public void Examples_parse()
    {
        RootCommand root = CommandLine.Create();
        foreach (DbatchCommand command in root.Subcommands.Cast<DbatchCommand>())
        {
            foreach (string example in command.Examples)
            {
                string line = example[(example.IndexOf("dbatch ", StringComparison.Ordinal) + 7)..].Split('|', '>', '#')[0];
                Assert.Empty(root.Parse(line).Errors);
            }
        }
    }
}
