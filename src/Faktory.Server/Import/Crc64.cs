using System.Buffers.Binary;

namespace Faktory.Server.Import;

/// <summary>CRC-64/Jones, reflected, as Redis puts it at the end of its files. Eight bytes at a time.</summary>
static class Crc64
{
    const ulong Polynomial = 0x95AC9329AC4BC9B5;

    static readonly ulong[][] Tables = CreateTables();

    internal static ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            crc = Tables[7][(byte)crc] ^ Tables[6][(byte)(crc >> 8)] ^ Tables[5][(byte)(crc >> 16)] ^ Tables[4][(byte)(crc >> 24)] ^
                Tables[3][(byte)(crc >> 32)] ^ Tables[2][(byte)(crc >> 40)] ^ Tables[1][(byte)(crc >> 48)] ^ Tables[0][crc >> 56];
        }
        foreach (var b in bytes)
            crc = Tables[0][(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    static ulong[][] CreateTables()
    {
        var tables = new ulong[8][];
        for (var t = 0; t < 8; t++)
        {
            tables[t] = new ulong[256];
            for (var i = 0; i < 256; i++)
                tables[t][i] = t == 0 ? OfByte((ulong)i) : tables[0][(byte)tables[t - 1][i]] ^ (tables[t - 1][i] >> 8);
        }
        return tables;
    }

    static ulong OfByte(ulong crc)
    {
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
        return crc;
    }
}
