using System.Text;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Results;

public sealed class ResultJournalTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    static JournalRecord Row(int item) => new(1, item, new ResultRow($"{{\"id\":\"ä{item}\"}}", ["t"], 3, 4, 0.25, null), null);

    List<int> Read(string header = "f")
    {
        using ResultJournal journal = ResultJournal.Open(_path, header, out var records);
        return [.. records.Select(r => (int)r.Number)];
    }

    void Fill()
    {
        using ResultJournal journal = ResultJournal.Open(_path, "f", out _);
        for (int i = 0; i < 5; i++) journal.Append(Row(i));
    }

    [Fact]
    public void What_was_appended_is_read_back()
    {
        Fill();
        using ResultJournal journal = ResultJournal.Open(_path, "f", out var records);
        Assert.Equal(5, records.Count);
        Assert.Equal(("{\"id\":\"ä3\"}", "t", 0.25), (records[3].Row!.Line, records[3].Row!.Traces[0], records[3].Row!.Seconds));
    }

    [Fact]
    public void Cut_at_any_byte_the_whole_records_before_it_are_kept_and_writing_goes_on()
    {
        Fill();
        byte[] bytes = File.ReadAllBytes(_path);
        for (int length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(_path, bytes[..length]);
            int whole = Math.Max(Encoding.UTF8.GetString(bytes, 0, length).Count(c => c == '\n') - 1, 0);
            using (ResultJournal journal = ResultJournal.Open(_path, "f", out var records))
            {
                Assert.Equal(whole, records.Count);
                journal.Append(Row(99));
            }
            Assert.Equal([.. Enumerable.Range(0, whole), 99], Read());
        }
    }

    [Fact]
    public void Another_fingerprint_s_journal_is_thrown_away()
    {
        Fill();
        Assert.Empty(Read("g"));
        Assert.Empty(Read("f"));
    }

    [Fact]
    public void Compacted_it_holds_what_it_is_given_and_takes_more()
    {
        using (ResultJournal journal = ResultJournal.Open(_path, "f", out var records))
        {
            for (int i = 0; i < 5; i++) journal.Append(Row(i));
            journal.Compact([Row(7), Row(8)]);
            journal.Append(Row(9));
        }
        Assert.Equal([7, 8, 9], Read());
    }
}
