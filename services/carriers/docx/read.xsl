<?xml version="1.0" encoding="UTF-8"?>
<!--
  A Word part as one line of text, in reading order, with a mark before each thing that grid.py asks about.
  Deleted and moved-away text, fallbacks and field codes are left out; controls, insertions, links and
  whatever else may be wrapped around text is looked through. The marks are noncharacters (U+FDD0 …), which
  no text has a use for, and are taken out of the text itself.

  &#xFDD0; row       flags &#xFDD2;             flags: D a deleted row, then the columns left free before it
  &#xFDD1; cell      span, c if merged upward &#xFDD2;
  &#xFDD3; control   tag &#xFDD4; text &#xFDD5;   &#xFDDD; follows &#xFDD4; when the text is only a prompt
  &#xFDD6; bookmark  name &#xFDD2;
  &#xFDD7; a page began here when the file was last printed or shown
  &#xFDD8; text box  text &#xFDD9;
  &#xFDDA; picture   relation &#xFDD2;
  &#xFDDB; paragraph outside tables
  &#xFDDC; a cell of a table inside a cell, its rows ended by line ends
  &#xFDDE; text that was struck out or hidden  text &#xFDDF;
  &#xFDE0; a shape that was drawn, without text or picture
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
    xmlns:v="urn:schemas-microsoft-com:vml"
    xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/"><xsl:apply-templates select="*/*"/></xsl:template>
  <xsl:template match="*"><xsl:apply-templates select="*"/></xsl:template>
  <xsl:template match="w:pPr|w:rPr|w:sdtPr|w:sdtEndPr|w:tblPr|w:tblGrid|w:trPr|w:tcPr|w:sectPr|w:bookmarkEnd"/>
  <xsl:template match="w:del|w:moveFrom|w:instrText|w:delText|w:rt|mc:Fallback"/>

  <xsl:template match="w:tr">
    <xsl:value-of select="concat('&#xFDD0;', substring('D', 1, number(boolean(w:trPr/w:del))), sum(w:trPr/w:gridBefore/@w:val), '&#xFDD2;')"/>
    <xsl:apply-templates select="*"/>
  </xsl:template>
  <xsl:template match="w:tc">
    <xsl:value-of select="concat('&#xFDD1;', w:tcPr/w:gridSpan/@w:val)"/>
    <xsl:if test="w:tcPr/w:vMerge[not(@w:val) or @w:val='continue']">c</xsl:if>
    <xsl:text>&#xFDD2;</xsl:text>
    <xsl:apply-templates select="*"/>
  </xsl:template>
  <xsl:template match="w:tc//w:tr|w:txbxContent//w:tr">
    <xsl:apply-templates select="*"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
  <xsl:template match="w:tc//w:tc|w:txbxContent//w:tc">
    <xsl:text>&#xFDDC;</xsl:text>
    <xsl:for-each select=".//w:tc[not(ancestor::mc:Fallback)]">&#xFDDC;</xsl:for-each>
    <xsl:apply-templates select=".//w:t[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback)]"/>
    <xsl:text>&#9;</xsl:text>
  </xsl:template>

  <xsl:template match="w:p">
    <xsl:text>&#xFDDB;</xsl:text>
    <xsl:apply-templates select="*"/>
  </xsl:template>
  <xsl:template match="w:tc//w:p|w:txbxContent//w:p">
    <xsl:apply-templates select="*"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- A control around whole cells, rows or tables claims nothing: it would be taken for its neighbour's. -->
  <xsl:template match="w:p//w:sdt[w:sdtPr/w:tag]|w:tc//w:sdt[w:sdtPr/w:tag and not(.//w:tc)]">
    <xsl:value-of select="concat('&#xFDD3;', w:sdtPr/w:tag/@w:val, '&#xFDD4;')"/>
    <xsl:if test="w:sdtPr/w:showingPlcHdr[not(@w:val) or @w:val='1' or @w:val='true']">&#xFDDD;</xsl:if>
    <xsl:apply-templates select="w:sdtContent/*"/>
    <xsl:text>&#xFDD5;</xsl:text>
  </xsl:template>
  <xsl:template match="w:tr/w:bookmarkStart|w:tbl/w:bookmarkStart|w:body/w:bookmarkStart"/>
  <xsl:template match="w:p//w:bookmarkStart|w:tc/w:bookmarkStart"><xsl:value-of select="concat('&#xFDD6;', @w:name, '&#xFDD2;')"/></xsl:template>

  <xsl:template match="w:t">
    <xsl:value-of select="translate(., '&#10;&#13;&#xFDD0;&#xFDD1;&#xFDD2;&#xFDD3;&#xFDD4;&#xFDD5;&#xFDD6;&#xFDD7;&#xFDD8;&#xFDD9;&#xFDDA;&#xFDDB;&#xFDDC;&#xFDDD;&#xFDDE;&#xFDDF;&#xFDE0;', '  ')"/>
  </xsl:template>
  <xsl:template match="w:r[w:rPr/*[(self::w:strike or self::w:dstrike or self::w:vanish) and not(@w:val='0' or @w:val='false' or @w:val='off')]]">
    <xsl:text>&#xFDDE;</xsl:text>
    <xsl:apply-templates select="*"/>
    <xsl:text>&#xFDDF;</xsl:text>
  </xsl:template>
  <xsl:template match="w:br|w:cr"><xsl:text>&#10;</xsl:text></xsl:template>
  <xsl:template match="w:br[@w:type='page' or @w:type='column']"/>
  <xsl:template match="w:tab|w:ptab"><xsl:text>&#9;</xsl:text></xsl:template>
  <xsl:template match="w:noBreakHyphen"><xsl:text>-</xsl:text></xsl:template>
  <xsl:template match="w:lastRenderedPageBreak"><xsl:text>&#xFDD7;</xsl:text></xsl:template>

  <!-- Ticks that are drawn with a symbol face, or kept in the form fields of old. -->
  <xsl:template match="w:sym">
    <xsl:variable name="code" select="translate(substring(@w:char, string-length(@w:char) - 1), 'abcdef', 'ABCDEF')"/>
    <xsl:variable name="face" select="concat('|', @w:font, '|')"/>
    <xsl:choose>
      <xsl:when test="$face='|Wingdings 2|' and contains('|50|52|53|54|', concat('|', $code, '|'))">√</xsl:when>
      <xsl:when test="$face='|Wingdings 2|' and contains('|2A|30|35|A2|A3|', concat('|', $code, '|'))">□</xsl:when>
      <xsl:when test="$face='|Wingdings|' and contains('|FC|FE|', concat('|', $code, '|'))">√</xsl:when>
      <xsl:when test="$face='|Wingdings|' and contains('|6F|71|72|A8|', concat('|', $code, '|'))">□</xsl:when>
      <xsl:otherwise>×</xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="w:fldChar[w:ffData/w:checkBox]">
    <xsl:variable name="box" select="w:ffData/w:checkBox"/>
    <xsl:variable name="state" select="($box/w:checked|$box/w:default[not($box/w:checked)])[1]"/>
    <xsl:choose>
      <xsl:when test="$state and not($state/@w:val='0' or $state/@w:val='false')">√</xsl:when>
      <xsl:otherwise>□</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="w:drawing|w:pict|w:object">
    <xsl:for-each select="(.//a:blip/@r:embed|.//v:imagedata/@r:id)[1]">
      <xsl:value-of select="concat('&#xFDDA;', ., '&#xFDD2;')"/>
    </xsl:for-each>
    <xsl:if test="not(.//a:blip or .//v:imagedata or .//w:txbxContent)">&#xFDE0;</xsl:if>
    <xsl:apply-templates select=".//w:txbxContent[not(ancestor::mc:Fallback)]"/>
  </xsl:template>
  <xsl:template match="w:txbxContent">
    <xsl:text>&#xFDD8;</xsl:text>
    <xsl:apply-templates select="*"/>
    <xsl:text>&#xFDD9;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
