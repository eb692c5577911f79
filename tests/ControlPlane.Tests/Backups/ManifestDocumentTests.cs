using System.Security.Cryptography;
using System.Text;
using BackupScheduler.Archives;

namespace ControlPlane.Tests.Backups;

public sealed class ManifestDocumentTests
{
    static readonly BackupKeys Keys = new("org_a", "ins_b", "bak_c");
    readonly byte[] dataKey = RandomNumberGenerator.GetBytes(ChunkCipher.KeyBytes);

    [Fact]
    public void A_manifest_reads_back_as_it_was_written()
    {
        var manifest = Manifest();
        var read = ManifestDocument.Parse(ManifestDocument.Write(manifest, dataKey), Keys);
        read.Authenticate(dataKey);
        read.Manifest.Files.ShouldBe(manifest.Files);
        (read.Manifest with { Files = manifest.Files }).ShouldBe(manifest);
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        var stored = ManifestDocument.Write(Manifest(), dataKey);
        for (var at = 0; at < stored.Length; at++)
        {
            var changed = stored.ToArray();
            changed[at] ^= 1;
            Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(changed, Keys).Authenticate(dataKey), $"byte {at}");
        }
    }

    [Fact]
    public void A_cut_off_manifest_is_noticed()
    {
        var stored = ManifestDocument.Write(Manifest(), dataKey);
        for (var length = 0; length < stored.Length; length++)
            Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(stored.AsMemory(0, length), Keys));
    }

    [Fact]
    public void A_manifest_written_without_the_data_key_is_noticed() =>
        Should.Throw<BackupDamagedException>(() =>
            ManifestDocument.Parse(ManifestDocument.Write(Manifest(), new byte[32]), Keys).Authenticate(dataKey));

    [Fact]
    public void Another_backups_manifest_is_refused_in_this_place()
    {
        foreach (var other in new[] { Keys with { OrganizationId = "org_x" }, Keys with { InstanceId = "ins_x" }, Keys with { BackupId = "bak_x" } })
            Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(ManifestDocument.Write(Manifest(), dataKey), other));
    }

    [Fact]
    public void A_later_format_is_refused_by_its_number()
    {
        var stored = ManifestDocument.Write(Manifest() with { Format = 2 }, dataKey);
        Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(stored, Keys)).Message.ShouldContain("format 2");
    }

    [Theory]
    [InlineData("../000001.sst", "org_a/ins_b/bak_c/files/../000001.sst")]
    [InlineData(".", "org_a/ins_b/bak_c/files/.")]
    [InlineData("000001.sst", "org_x/ins_b/bak_c/files/000001.sst")]
    [InlineData("CURRENT", "org_a/ins_b/bak_c/files/CURRENT")]
    public void A_file_that_cannot_be_the_backups_own_is_refused(string name, string location)
    {
        var manifest = Manifest();
        var stored = ManifestDocument.Write(manifest with { Files = [.. manifest.Files, new(name, 1, "00", location)] }, dataKey);
        Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(stored, Keys));
    }

    [Fact]
    public void A_manifest_without_a_member_is_refused()
    {
        var manifest = "{\"format\":1,\"organization_id\":\"org_a\"}";
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
        var stored = Encoding.UTF8.GetBytes($$"""{"manifest":{{manifest}},"sha256":"{{sha256}}","mac":""}""");
        Should.Throw<BackupDamagedException>(() => ManifestDocument.Parse(stored, Keys));
    }

    static BackupManifest Manifest() => new(
        BackupManifest.CurrentFormat, "org_a", "ins_b", "bak_c", "0.1.0", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 42,
        new JobCounts(1, 2, 3, 4, 5), "sealed+key/==", [new("CURRENT", 16, "ab", Keys.File("CURRENT")), new("MANIFEST-000005", 1, "cd", Keys.File("MANIFEST-000005"))]);
}
